package dev.doorbell.system.badexamples.customer;

import dev.doorbell.system.badexamples.localstack.Fine;

public class UsesLocalStack {
    Fine dependency;
}
