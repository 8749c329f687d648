/** One promise of a contract, and the run that holds an implementation to it: data for any test runner. */
export interface ContractCase {
  readonly name: string;
  readonly run: () => Promise<void>;
}
