package io.weir.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.weir.broker.Broker;
import io.weir.broker.TopicDescription.KeptMessages;
import io.weir.client.Reader;
import io.weir.client.WeirClient;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;

/** Reads what is stored of a topic, without making it. */
final class StoredMessages {

	/** The last message may have expired, so that nobody is given it. */
	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private StoredMessages() {
	}

	static <T> List<Message<T>> read(Broker broker, WeirClient client, String topic, Schema<T> schema) {
		if (broker.topic(topic).isEmpty()) {
			return List.of();
		}
		Set<String> last = lastOfEachPartition(broker, topic);
		List<Message<T>> messages = new ArrayList<>();
		if (!last.isEmpty()) {
			try (Reader<T> reader = client.reader(schema).topic(topic).startAt(InitialPosition.EARLIEST).create()) {
				while (!last.isEmpty()) {
					Message<T> message = reader.read(PATIENCE);
					if (message == null) {
						break;
					}
					last.remove(message.id().toString());
					messages.add(message);
				}
			}
		}
		return messages;
	}

	private static Set<String> lastOfEachPartition(Broker broker, String topic) {
		return broker.describeTopic(topic)
			.kept()
			.stream()
			.map(KeptMessages::last)
			.filter(Objects::nonNull)
			.map((message) -> message.messageId())
			.collect(Collectors.toCollection(HashSet::new));
	}

}
