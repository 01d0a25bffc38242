package io.weir.spring.docs;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.springframework.context.annotation.Bean;

import io.weir.message.MessageId;
import io.weir.spring.IdentifiedSchema;
import io.weir.spring.ProducerInterceptor;
import io.weir.spring.SchemaResolver;
import io.weir.spring.WeirMessage;
import io.weir.spring.WeirTemplate;

/** The code of the page about sending, so that it compiles. */
@SuppressWarnings("unused")
final class DocumentedSending {

	private final WeirTemplate template;

	DocumentedSending(WeirTemplate template) {
		this.template = template;
	}

	record Order(String customer, int amount) {
	}

	void place(Order order) {
		MessageId id = this.template.send("orders", order); // returns when it is stored
		CompletableFuture<MessageId> sent = this.template.sendAsync("orders", order);
		this.template.message("orders", order).key(order.customer()).header("source", "shop").send();
	}

	@WeirMessage(type = "refund.v1")
	record Refund(String order) {
	}

	@Bean
	ProducerInterceptor tenant() {
		return (message) -> message.header("tenant", "acme");
	}

	@Bean
	SchemaResolver prices() {
		return (type) -> (type == Price.class) ? new PriceSchema() : null;
	}

	record Price(int cents) {
	}

	private static final class PriceSchema implements IdentifiedSchema<Price> {

		@Override
		public String id() {
			return "price:1";
		}

		@Override
		public ByteBuffer encode(Price value) {
			return ByteBuffer.allocate(Integer.BYTES).putInt(0, value.cents());
		}

		@Override
		public Price decode(ByteBuffer payload) {
			return new Price(payload.getInt());
		}

	}

	@WeirMessage(topic = "${shop}.parcels", key = "#{customer}")
	record Parcel(String customer, int weight) {
	}

	void ship(Parcel parcel) {
		this.template.send(parcel);
		this.template.message(parcel).deliverAfter(Duration.ofHours(1)).expiresAfter(Duration.ofDays(1)).send();
	}

	void close(Order order) {
		this.template.sendAfterCommit("orders", order);
	}

	int quote(Parcel parcel) {
		return this.template.sendAndReceive("quotes", parcel, Integer.class);
	}

}
