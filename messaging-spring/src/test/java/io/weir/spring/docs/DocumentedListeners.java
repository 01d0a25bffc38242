package io.weir.spring.docs;

import java.util.ArrayList;
import java.util.List;

import org.springframework.context.annotation.Bean;
import org.springframework.messaging.handler.annotation.Header;

import io.weir.spring.BatchListenerFailedException;
import io.weir.spring.WeirHeaders;
import io.weir.spring.WeirListener;
import io.weir.spring.listener.WeirErrorHandler;

/** The code of the pages, so that it compiles. */
@SuppressWarnings("unused")
final class DocumentedListeners {

	private final List<String> invoices = new ArrayList<>();

	record Order(int amount) {
	}

	@WeirListener(id = "billing", topics = "orders", subscription = "billing")
	void onOrder(Order order, @Header(WeirHeaders.KEY) String key) {
		this.invoices.add(key + ": " + order.amount());
	}

	@WeirListener(id = "ledger", topics = "orders", subscription = "ledger", batch = "true")
	void onOrders(List<Order> orders) {
		for (int i = 0; i < orders.size(); i++) {
			try {
				this.invoices.add("order over " + orders.get(i).amount());
			}
			catch (IllegalArgumentException ex) {
				throw new BatchListenerFailedException(i, ex);
			}
		}
	}

	@Bean
	WeirErrorHandler weirErrorHandler() {
		return (listener, message, failure) -> (failure instanceof IllegalArgumentException)
				? WeirErrorHandler.Decision.discard() : WeirErrorHandler.Decision.redeliver();
	}

}
