package dev.doorbell.system.badexamples.payment;

import dev.doorbell.system.badexamples.customer.Fine;

public class UsesCustomer {
    Fine dependency;
}
