package io.weir.spring;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import io.weir.message.Headers;
import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.setting.InvalidSettingException;
import io.weir.spring.MessageTypeFilter.Fit;
import io.weir.spring.fake.FakeMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class MessageTypesTests {

	private final MessageTypes types = new MessageTypes();

	static class Order {

	}

	static class SpecialOrder extends Order {

	}

	@WeirMessage(type = "invoice.v1")
	record Invoice(int amount) {
	}

	interface Event {

	}

	enum Colour {

		RED {

			@Override
			public String toString() {
				return "rouge";
			}

		}

	}

	private static Message<byte[]> message(@Nullable String type) {
		Headers headers = (type != null) ? Headers.of(Map.of("weir_type", type)) : Headers.empty();
		return new FakeMessage<>(FakeMessage.id(1), "orders", null, headers, new byte[0], Schema.bytes(), 0);
	}

	@Test
	void classIsKnownByItsNameWithoutPackageUnlessItSaysAnother() {
		assertThat(this.types.nameOf(Order.class)).isEqualTo("Order");
		assertThat(this.types.nameOf(Invoice.class)).isEqualTo("invoice.v1");
		assertThat(this.types.nameOf(Colour.RED.getClass())).isEqualTo("Colour");
		assertThat(new MessageTypes(Map.of("order", Order.class, "bill", Invoice.class)).nameOf(Invoice.class))
			.isEqualTo("bill");
	}

	@ParameterizedTest
	@ValueSource(classes = { byte[].class, String.class, Integer.class, int.class, Object.class, List.class, Map.class,
			Instant.class, BigDecimal.class, JsonNode.class, Order[].class })
	void whatIsNoTypeOfTheApplicationHasNoName(Class<?> type) {
		assertThat(this.types.nameOf(type)).isNull();
		assertThat(this.types.filter(type).fit(message("Order"))).isEqualTo(Fit.ANY);
	}

	@Test
	void messageFitsIfItSaysTheTypeOrNone() {
		MessageTypeFilter filter = this.types.filter(Order.class);
		assertThat(filter.fit(message("Order"))).isEqualTo(Fit.NAMED);
		assertThat(filter.fit(message(null))).isEqualTo(Fit.ANY);
		assertThat(filter.fit(message("Invoice"))).isEqualTo(Fit.NONE);
		assertThat(filter.fit(message(Order.class.getName()))).isEqualTo(Fit.NONE);
	}

	@Test
	void subclassFitsIfItIsConfigured() {
		assertThat(this.types.filter(Order.class).fit(message("SpecialOrder"))).isEqualTo(Fit.NONE);
		MessageTypes configured = new MessageTypes(Map.of("special", SpecialOrder.class, "bill", Invoice.class));
		assertThat(configured.filter(Order.class).fit(message("special"))).isEqualTo(Fit.NAMED);
		assertThat(configured.filter(Order.class).fit(message("bill"))).isEqualTo(Fit.NONE);
		assertThat(configured.filter(SpecialOrder.class).fit(message("Order"))).isEqualTo(Fit.NONE);
	}

	@Test
	void interfaceFitsWhateverIsNotKnownToBeSomethingElse() {
		MessageTypeFilter filter = new MessageTypes(Map.of("bill", Invoice.class)).filter(Event.class);
		assertThat(filter.fit(message("Placed"))).isEqualTo(Fit.ANY);
		assertThat(filter.fit(message("bill"))).isEqualTo(Fit.NONE);
	}

	@Test
	void nameThatCannotBeSentIsRefused() {
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> new MessageTypes(Map.of(" ", Order.class)))
			.withMessageContaining("message type must not be blank");
	}

}
