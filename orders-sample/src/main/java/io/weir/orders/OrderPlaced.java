package io.weir.orders;

import org.springframework.modulith.events.Externalized;

/** Is told when an order is in the database: on the topic "orders", by customer. */
@Externalized("orders::#{customer}")
public record OrderPlaced(String order, String customer, int amount) {
}
