package io.weir.wire.codec;

import io.netty.buffer.ByteBuf;

import io.weir.message.Topic;
import io.weir.wire.Frame.Partitions;

/** The bodies of the frames about topics as such. */
final class TopicCodec {

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

}
