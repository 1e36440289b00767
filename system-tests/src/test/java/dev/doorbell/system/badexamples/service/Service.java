package dev.doorbell.system.badexamples.service;

public class Service {
    // Fine: by this name it is a program.
    void run() {
        System.err.println("printed");
    }
}
