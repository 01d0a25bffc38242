package io.weir.wire.codec;

import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import io.weir.message.Topic;
import io.weir.wire.Frame.FindTopics;
import io.weir.wire.Frame.Partitions;
import io.weir.wire.Frame.Topics;

/** The bodies of the frames about topics as such. */
final class TopicCodec {

	private static final int MAX_TOPICS = 1000;

	private TopicCodec() {
	}

	static void writePartitions(ByteBuf out, Partitions frame) {
		Text.NAME.write(out, "topic", frame.topic());
		Varint.write(out, "number of partitions", 1, Topic.MAX_PARTITIONS, frame.count());
	}

	static Partitions readPartitions(ByteBuf body) {
		String topic = Text.NAME.read(body, "topic");
		return new Partitions(topic, Varint.readInt(body, "number of partitions", 1, Topic.MAX_PARTITIONS));
	}

	static void writeFindTopics(ByteBuf out, FindTopics frame) {
		Text.NAME.write(out, "pattern", frame.pattern());
		Text.NAME.write(out, "subscription", frame.subscription());
		Text.NAME.write(out, "name to go on from", frame.after());
	}

	static FindTopics readFindTopics(ByteBuf body) {
		String pattern = Text.NAME.read(body, "pattern");
		String subscription = Text.NAME.read(body, "subscription");
		return new FindTopics(pattern, subscription, Text.NAME.read(body, "name to go on from"));
	}

	static void writeTopics(ByteBuf out, Topics frame) {
		Text.NAME.writeNullable(out, "name to go on from", frame.next());
		Varint.write(out, "number of topics", 0, MAX_TOPICS, frame.names().size());
		frame.names().forEach((name) -> Text.NAME.write(out, "topic", name));
	}

	static Topics readTopics(ByteBuf body) {
		@Nullable String next = Text.NAME.readNullable(body, "name to go on from");
		int count = Varint.readInt(body, "number of topics", 0, MAX_TOPICS);
		if (count > body.readableBytes()) {
			throw Malformed.truncated("topics");
		}
		List<String> names = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			names.add(Text.NAME.read(body, "topic"));
		}
		return new Topics(List.copyOf(names), next);
	}

}
