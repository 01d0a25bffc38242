package io.weir.spring.autoconfigure;

import java.util.Collection;
import java.util.List;

import io.weir.client.ProducerBuilder;
import io.weir.spring.ProducerCustomizer;
import io.weir.spring.autoconfigure.common.PropertySink;

/**
 * What {@code weir.producers} says of a topic holds for the template's producer of it,
 * too, but for the name, which only one producer can have. Where several entries name the
 * topic, none of them does.
 */
final class TopicSettings implements ProducerCustomizer {

	private final Collection<NamedProducer> entries;

	TopicSettings(Collection<NamedProducer> entries) {
		this.entries = entries;
	}

	@Override
	public void customize(String topic, ProducerBuilder<?> builder) {
		List<NamedProducer> found = this.entries.stream().filter((entry) -> topic.equals(entry.topic())).toList();
		if (found.size() == 1) {
			ProducerConfigurer.configure(builder, found.get(0), PropertySink.checked());
		}
	}

}
