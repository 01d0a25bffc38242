package io.weir.orders;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.stereotype.Component;

/**
 * Stands for a service elsewhere. It does not answer the first two questions about each
 * order of "flaky", and refuses those of "broke". As it should be with such a service, it
 * charges an order once, however often it is asked.
 */
@Component
class CardTerminal {

	private static final int FAILURES = 2;

	private final Map<String, Integer> asked = new ConcurrentHashMap<>();

	private final Set<String> charged = ConcurrentHashMap.newKeySet();

	void charge(String order, String customer, int amount) {
		if (customer.equals("broke")) {
			throw new RefusedException("Nobody pays " + amount + " for " + customer);
		}
		if (customer.equals("flaky") && this.asked.merge(order, 1, Integer::sum) <= FAILURES) {
			throw new IllegalStateException("The terminal does not answer");
		}
		this.charged.add(order);
	}

	/** Asking again does not help. */
	static final class RefusedException extends RuntimeException {

		RefusedException(String message) {
			super(message);
		}

	}

}
