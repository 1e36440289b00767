package dev.doorbell.system.badexamples.relay;

import dev.doorbell.system.badexamples.customer.Fine;

public class UsesCustomer {
    Fine dependency;
}
