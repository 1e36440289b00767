package dev.doorbell.system.badexamples.localstack;

import dev.doorbell.system.badexamples.outbox.Fine;

public class UsesOutbox {
    Fine dependency;
}
