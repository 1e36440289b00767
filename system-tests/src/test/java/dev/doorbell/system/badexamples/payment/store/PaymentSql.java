package dev.doorbell.system.badexamples.payment.store;

public class PaymentSql {}
