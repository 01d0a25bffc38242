package io.weir.orders;

import io.weir.spring.WeirMessage;

/** A customer does not want an order any more. */
@WeirMessage(topic = "cancellations", key = "#{order}")
public record Cancellation(String order) {
}
