package dev.doorbell.system.badexamples.messages;

import dev.doorbell.system.badexamples.outbox.Fine;

public class UsesOutbox {
    Fine dependency;
}
