package dev.doorbell.localstack;

import java.util.concurrent.CountDownLatch;

/** A child JVM that would never end by itself. */
final class IdleProgram {
    private IdleProgram() {}

    public static void main(String[] arguments) throws InterruptedException {
        new CountDownLatch(1).await();
    }
}
