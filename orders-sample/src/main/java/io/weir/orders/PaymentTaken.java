package io.weir.orders;

/** Is told when an order is paid, on the topic "payments". */
public record PaymentTaken(String order, int amount) {
}
