package dev.doorbell.system.badexamples.service;

import dev.doorbell.system.badexamples.customer.Fine;

public class UsesCustomer {
    Fine dependency;
}
