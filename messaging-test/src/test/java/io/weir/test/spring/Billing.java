package io.weir.test.spring;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.weir.spring.WeirListener;

/** A bean of an application. */
class Billing {

	final List<String> billed = new CopyOnWriteArrayList<>();

	@WeirListener(id = "billing", topics = "orders", subscription = "billing")
	void bill(Order order) {
		this.billed.add(order.customer());
	}

	record Order(String customer, int amount) {
	}

}
