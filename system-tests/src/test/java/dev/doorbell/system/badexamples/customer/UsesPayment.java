package dev.doorbell.system.badexamples.customer;

import dev.doorbell.system.badexamples.payment.Fine;

public class UsesPayment {
    Fine dependency;
}
