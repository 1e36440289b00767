package dev.doorbell.system.faults.history;

/** What the caller knows of a call once it has ended. */
public enum Outcome {
    /** 202: there is a customer. */
    OK,
    /** The server said no (4xx, 503): there is no customer. */
    FAILED,
    /** No answer, a cut one, or one that does not say: there may be a customer. */
    UNKNOWN;

    /** @param status of the answer; 503 is given only where nothing can have been committed */
    static Outcome of(int status) {
        if (status == 202) {
            return OK;
        }
        return status >= 400 && status < 500 || status == 503 ? FAILED : UNKNOWN;
    }
}
