package io.weir.orders;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.messaging.handler.annotation.Header;
import org.springframework.stereotype.Component;

import io.weir.orders.Order.Status;
import io.weir.spring.WeirHeaders;
import io.weir.spring.WeirListener;

/** Notes what becomes of orders. */
@Component
class OrderListeners {

	private static final Logger logger = LoggerFactory.getLogger(OrderListeners.class);

	private final OrderBook orders;

	OrderListeners(OrderBook orders) {
		this.orders = orders;
	}

	@WeirListener(topics = "payments", subscription = "orders", initialPosition = "earliest")
	void paid(PaymentTaken payment) {
		this.orders.close(payment.order(), Status.PAID);
	}

	@WeirListener(topics = "orders.payments.dead", subscription = "orders", initialPosition = "earliest")
	void refused(OrderPlaced order, @Header(WeirHeaders.ORIGIN_EXCEPTION_MESSAGE) String reason) {
		logger.info("Order {} is refused: {}", order.order(), reason);
		this.orders.close(order.order(), Status.REFUSED);
	}

	@WeirListener(topics = "cancellations", subscription = "orders", initialPosition = "earliest")
	void cancelled(Cancellation cancellation) {
		this.orders.close(cancellation.order(), Status.CANCELLED);
	}

}
