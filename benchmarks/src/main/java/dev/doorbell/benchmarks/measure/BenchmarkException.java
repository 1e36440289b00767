package dev.doorbell.benchmarks.measure;

/** A measurement that cannot be made; its message is for whoever started it. */
public final class BenchmarkException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BenchmarkException(String message) {
        super(message);
    }

    public BenchmarkException(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
    }
}
