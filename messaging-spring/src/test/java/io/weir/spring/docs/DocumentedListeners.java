package io.weir.spring.docs;

import java.time.OffsetDateTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import jakarta.validation.Valid;

import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.SendTo;

import io.weir.message.Message;
import io.weir.message.SchemaException;
import io.weir.spring.Backoff;
import io.weir.spring.BatchListenerFailedException;
import io.weir.spring.DeadLetter;
import io.weir.spring.WeirHandler;
import io.weir.spring.WeirHeaders;
import io.weir.spring.WeirListener;
import io.weir.spring.WeirReader;
import io.weir.spring.listener.WeirErrorHandler;
import io.weir.spring.listener.WeirListenerContainerFactory;
import io.weir.spring.listener.WeirListenerEndpoint;
import io.weir.spring.listener.WeirListenerEvent;
import io.weir.spring.listener.WeirListenerRegistry;
import io.weir.spring.listener.WeirMessageFilter;

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

	@WeirListener(id = "shipping", topics = "orders", subscription = "shipping")
	void onOrder(@Valid Order order, @Payload("customer.name") String customer,
			@Header(WeirHeaders.PUBLISH_TIME) OffsetDateTime ordered) {
		this.invoices.add(customer + " ordered at " + ordered);
	}

	record Price(int amount) {
	}

	@WeirReader(id = "prices", topics = "prices", startAt = "earliest", compacted = "true")
	void onPrice(Price price, @Header(WeirHeaders.KEY) String article) {
		this.invoices.add(article + " costs " + price.amount());
	}

	@WeirListener(id = "pricing", topics = "orders", subscription = "pricing")
	@SendTo("prices")
	Price onOrder(Order order) {
		return new Price(order.amount() * 2);
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

	@WeirListener(id = "stock", topics = "orders", subscription = "stock",
			backoff = @Backoff(initial = "5s", max = "10m"),
			deadLetter = @DeadLetter(maxRedeliveries = "3", topic = "unshipped"))
	void ship(Order order) {
		this.invoices.add("shipped " + order.amount());
	}

	record Cancellation(String reason) {
	}

	@WeirListener(id = "billing-by-type", topics = "orders", subscription = "billing")
	static class Billing {

		@WeirHandler
		void on(Order order) {
		}

		@WeirHandler
		void on(Cancellation cancellation) {
		}

		@WeirHandler(isDefault = true)
		void other(byte[] payload, @Header(name = WeirHeaders.TYPE, required = false) String type) {
		}

	}

	@Bean
	WeirMessageFilter large() {
		return (message) -> message.payload().length > 1000;
	}

	@WeirListener(id = "archive", topics = "orders.*", subscription = "archive", filter = "large")
	void archive(byte[] order, @Header(WeirHeaders.TOPIC) String topic) {
		this.invoices.add(topic + ": " + order.length);
	}

	void audit(WeirListenerRegistry registry, WeirListenerContainerFactory factory) {
		registry.register(factory.createContainer(
				WeirListenerEndpoint.builder("audit").topics("orders").listener((messages, acknowledgement) -> {
					messages.forEach((message) -> this.invoices.add(message.id().toString()));
					return null;
				}).build()));
	}

	@EventListener
	void onDeadLetter(WeirListenerEvent.DeadLettered event) {
		this.invoices.add(event.listenerId() + " gave up " + event.message().id());
	}

	@Bean
	WeirErrorHandler weirErrorHandler() {
		return (listener, message, failure) -> (failure instanceof IllegalArgumentException)
				? WeirErrorHandler.Decision.discard() : WeirErrorHandler.Decision.redeliver();
	}

	@Bean
	WeirErrorHandler inOrder() {
		return (listener, message, failure) -> WeirErrorHandler.Decision.retryInPlace(5, Duration.ofSeconds(1),
				WeirErrorHandler.Decision.stop());
	}

	@Bean
	WeirErrorHandler patient() {
		return new WeirErrorHandler() {

			@Override
			public Decision handle(String listenerId, Message<byte[]> message, Throwable failure) {
				return Decision.redeliver();
			}

			@Override
			public boolean isRetryable(Throwable failure, boolean configured) {
				return configured || failure instanceof SchemaException;
			}

		};
	}

	@WeirListener(id = "accounts", topics = "orders", subscriptionType = "failover", keyConcurrency = "8")
	void inOrderOfEachKey(Order order) {
		this.invoices.add("order over " + order.amount());
	}

}
