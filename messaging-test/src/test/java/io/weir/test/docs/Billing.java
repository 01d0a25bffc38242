package io.weir.test.docs;

import org.springframework.messaging.handler.annotation.SendTo;

import io.weir.spring.WeirListener;

/** What the page's tests test. */
class Billing {

	@WeirListener(id = "billing", topics = "orders", subscription = "billing")
	@SendTo("bills")
	Bill bill(Order order) {
		return new Bill(order.customer(), order.amount() * 10);
	}

	record Order(String customer, int amount) {
	}

	record Bill(String customer, int sum) {
	}

}
