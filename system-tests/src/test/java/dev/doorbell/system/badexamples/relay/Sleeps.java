package dev.doorbell.system.badexamples.relay;

public class Sleeps {
    void run() throws InterruptedException {
        Thread.sleep(1);
    }
}
