package dev.doorbell.system.badexamples.payment.store;

import dev.doorbell.system.badexamples.payment.PaymentVerticle;

public class UsesVerticle {
    PaymentVerticle dependency;
}
