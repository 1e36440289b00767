package dev.doorbell.system.badexamples.outbox;

import java.util.function.Consumer;

public class PrintsByReference {
    Consumer<String> run() {
        return System.err::println;
    }
}
