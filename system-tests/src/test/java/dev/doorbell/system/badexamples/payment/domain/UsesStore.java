package dev.doorbell.system.badexamples.payment.domain;

import dev.doorbell.system.badexamples.payment.store.PaymentSql;

public class UsesStore {
    PaymentSql dependency;
}
