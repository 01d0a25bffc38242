package io.weir.orders;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.stereotype.Component;

import io.weir.spring.Backoff;
import io.weir.spring.DeadLetter;
import io.weir.spring.WeirListener;

/** Has orders paid. */
@Component
class Payments {

	private static final Logger logger = LoggerFactory.getLogger(Payments.class);

	private final CardTerminal terminal;

	Payments(CardTerminal terminal) {
		this.terminal = terminal;
	}

	/**
	 * What fails is tried again, three times. What failed then, or was refused, is on the
	 * topic "orders.payments.dead".
	 */
	@WeirListener(id = "payments", topics = "orders", subscription = "payments", initialPosition = "earliest",
			backoff = @Backoff(initial = "1s", multiplier = "2"),
			deadLetter = @DeadLetter(enabled = "true", maxRedeliveries = "3"),
			nonRetryable = CardTerminal.RefusedException.class)
	@SendTo("payments")
	PaymentTaken pay(OrderPlaced order) {
		this.terminal.charge(order.order(), order.customer(), order.amount());
		logger.info("{} has paid {}", order.customer(), order.amount());
		return new PaymentTaken(order.order(), order.amount());
	}

}
