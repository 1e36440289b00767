package dev.doorbell.system.badexamples.outbox;

public class PrintsStackTrace {
    void run(Exception error) {
        error.printStackTrace();
    }
}
