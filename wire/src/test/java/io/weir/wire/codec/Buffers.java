package io.weir.wire.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import static org.assertj.core.api.Assertions.assertThat;

/** Hands out buffers, and fails the test that does not release them all. */
final class Buffers implements AfterEachCallback {

	private final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false, true);

	ByteBufAllocator alloc() {
		return this.alloc;
	}

	ByteBuf empty() {
		return this.alloc.buffer();
	}

	ByteBuf of(int... bytes) {
		ByteBuf buffer = this.alloc.buffer();
		for (int value : bytes) {
			buffer.writeByte(value);
		}
		return buffer;
	}

	/** How many bytes are in use. */
	long used() {
		return this.alloc.metric().usedHeapMemory() + this.alloc.metric().usedDirectMemory();
	}

	@Override
	public void afterEach(ExtensionContext context) {
		assertThat(used()).as("bytes in buffers that nobody released").isZero();
	}

}
