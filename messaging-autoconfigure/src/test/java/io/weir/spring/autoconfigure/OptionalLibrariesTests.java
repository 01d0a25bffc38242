package io.weir.spring.autoconfigure;

import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

import io.weir.spring.WeirListener;

import static org.assertj.core.api.Assertions.assertThat;

/** Applications that have what the starter brings, and no more. */
class OptionalLibrariesTests extends ListenerMethodsFixture {

	@Configuration(proxyBeanMethods = false)
	static class Listening {

		@WeirListener(id = "texts", topics = "texts")
		void text(String text) {
			heard.add(text);
		}

		@WeirListener(id = "orders", topics = "orders")
		void order(Order order) {
			heard.add(order);
		}

	}

	@Test
	void payloadsAreTextAndJsonWithoutProtobufAndAvro() {
		ClassLoader loader = getClass().getClassLoader();
		assertThat(ClassUtils.isPresent("com.google.protobuf.Message", loader)).isFalse();
		assertThat(ClassUtils.isPresent("org.apache.avro.specific.SpecificRecord", loader)).isFalse();
		run(Listening.class, (context) -> {
			deliver("texts", "a");
			deliver("orders", "{\"id\":\"b\",\"amount\":1}");
			awaitHeard("a", new Order("b", 1));
		});
	}

}
