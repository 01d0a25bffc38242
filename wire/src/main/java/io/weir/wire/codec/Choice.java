package io.weir.wire.codec;

import java.util.List;

import io.netty.buffer.ByteBuf;

/**
 * One of a few constants, written as its place in the list, whatever its ordinal may be.
 *
 * @param <E> the type of the constants
 */
final class Choice<E extends Enum<E>> {

	private final String what;

	private final List<E> values;

	Choice(String what, List<E> values) {
		this.what = what;
		this.values = values;
	}

	void write(ByteBuf out, E value) {
		Varint.write(out, this.what, 0, this.values.size() - 1, this.values.indexOf(value));
	}

	E read(ByteBuf in) {
		return this.values.get(Varint.readInt(in, this.what, 0, this.values.size() - 1));
	}

}
