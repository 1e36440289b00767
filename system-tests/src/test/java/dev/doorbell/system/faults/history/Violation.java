package dev.doorbell.system.faults.history;

/**
 * An invariant that does not hold.
 *
 * @param invariant its name, kebab case
 * @param what what was found, with ids; for a person
 */
public record Violation(String invariant, String what) {
    @Override
    public String toString() {
        return invariant + ": " + what;
    }
}
