package dev.doorbell.system.badexamples.service;

public class Prints {
    void run() {
        System.err.println("printed");
    }
}
