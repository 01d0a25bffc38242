package io.weir.spring.modulith.shop;

import org.springframework.modulith.events.Externalized;

/** An event that others are told of. */
@Externalized("orders::#{customer}")
public record OrderPlaced(String id, String customer, int amount) {
}
