package dev.doorbell.system.guards;

/**
 * What became of a test in its child JVM.
 *
 * @param detail the failure's messages with those of its causes, or why there was no run
 */
record TestOutcome(Kind kind, String detail) {
    enum Kind {
        PASSED,
        /** The test itself, or what it runs before and after each method, threw. */
        FAILED,
        /** No such class, or no such test method in it. */
        NOT_FOUND,
        /** It did not come to the method: its class could not be set up, or it is disabled, or an assumption failed. */
        NOT_RUN,
        /** Its JVM ended, or had to be ended, before the test did. */
        NO_END
    }

    static TestOutcome passed() {
        return new TestOutcome(Kind.PASSED, "");
    }
}
