package io.weir.broker.engine.runtime;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.weir.message.Topic;

import static org.assertj.core.api.Assertions.assertThat;

class TopicNamesTest {

	private final TopicNames names = new TopicNames();

	@Test
	void topicMustComeOnceWhicheverOfItsPartitionsThereAre() {
		add("orders", "orders#1", "orders#10", "orders#2", "orders-old", "orders/eu", "orders.x", "shop#3", "shops");
		assertThat(whole("", "")).containsExactly("orders", "orders-old", "orders.x", "orders/eu", "shop", "shops");
		assertThat(whole("orders", "orders")).as("none of it comes again on the next page")
			.containsExactly("orders-old", "orders.x", "orders/eu");
		assertThat(whole("", "orders#1")).first().isEqualTo("orders-old");
		assertThat(whole("shop", "orders")).containsExactly("shop", "shops");
	}

	@Test
	void partitionsMustBeThoseOfTheTopicOnly() {
		add("orders", "orders#1", "orders#10", "orders-old", "orders-old#1", "shop#3");
		assertThat(partitions("orders")).containsExactly("orders", "orders#1", "orders#10");
		assertThat(partitions("orders#1")).containsExactly("orders#1");
		assertThat(partitions("shop")).containsExactly("shop#3");
		assertThat(partitions("nobody")).isEmpty();
	}

	private void add(String... topics) {
		Stream.of(topics).map(Topic::new).forEach(this.names::add);
	}

	private List<String> whole(String prefix, String after) {
		return this.names.wholeAfter(prefix, after).map(Topic::name).toList();
	}

	private List<String> partitions(String topic) {
		return this.names.partitions(new Topic(topic)).map(Topic::name).toList();
	}

}
