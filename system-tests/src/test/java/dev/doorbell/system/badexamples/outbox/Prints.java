package dev.doorbell.system.badexamples.outbox;

public class Prints {
    void run() {
        System.out.println("printed");
    }
}
