/** Microseconds on a clock all processes of this machine share. */
export function nowMicros(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** Microseconds of CPU this process has used, all its threads together. */
export function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
