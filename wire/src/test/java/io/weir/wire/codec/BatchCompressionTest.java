package io.weir.wire.codec;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import io.weir.message.Compression;
import io.weir.message.Headers;
import io.weir.wire.BatchEncoding;
import io.weir.wire.ErrorCode;
import io.weir.wire.Limits;
import io.weir.wire.MessageRecord;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.BatchCompression.EncodedBatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class BatchCompressionTest {

	private static final int FUZZED = 20_000;

	/** A failure names the seed; {@code -Dweir.fuzz.seed=…} runs it again. */
	private static final long SEED = Long.getLong("weir.fuzz.seed", System.nanoTime());

	@RegisterExtension
	final Buffers buffers = new Buffers();

	@ParameterizedTest
	@EnumSource(Compression.class)
	void aBatchComesBackAsItWas(Compression compression) {
		for (int count : new int[] { 1, 10, 1000 }) {
			ByteBuf batch = batch(count);
			byte[] before = ByteBufUtil.getBytes(batch);
			EncodedBatch encoded = BatchCompression.compress(this.buffers.alloc(), compression, batch);
			assertThat(encoded.encoding().compression()).isEqualTo(compression);
			assertThat(encoded.encoding().uncompressedSize())
				.isEqualTo((compression == Compression.NONE) ? 0 : before.length);
			if (compression != Compression.NONE) {
				assertThat(encoded.bytes().readableBytes()).isLessThan(before.length);
				assertThat(encoded.bytes().capacity()).isEqualTo(encoded.bytes().readableBytes());
			}
			ByteBuf after = decompress(encoded.encoding(), encoded.bytes());
			MessageBatch.check(after, count, Samples.NOBODY);
			assertThat(ByteBufUtil.getBytes(after)).isEqualTo(before);
			after.release();
			assertThat(encoded.bytes().refCnt()).isOne();
			encoded.bytes().release();
		}
	}

	@ParameterizedTest
	@EnumSource(value = Compression.class, mode = Mode.EXCLUDE, names = "NONE")
	void aBatchThatDoesNotShrinkStaysAsItIs(Compression compression) {
		ByteBuf batch = random(10_000);
		EncodedBatch encoded = BatchCompression.compress(this.buffers.alloc(), compression, batch);
		assertThat(encoded.bytes()).isSameAs(batch);
		assertThat(encoded.encoding()).isEqualTo(BatchEncoding.plain(batch));
		batch.release();
	}

	@ParameterizedTest
	@EnumSource(value = Compression.class, mode = Mode.EXCLUDE, names = "NONE")
	void aBatchMayLieInSeveralBuffersOnTheHeap(Compression compression) {
		EncodedBatch encoded = BatchCompression.compress(this.buffers.alloc(), compression, batch(100));
		ByteBuf bytes = encoded.bytes();
		CompositeByteBuf pieces = this.buffers.alloc().compositeBuffer();
		int half = bytes.readableBytes() / 2;
		pieces.addComponent(true, this.buffers.alloc().heapBuffer().writeBytes(bytes, 0, half));
		pieces.addComponent(true,
				this.buffers.alloc().heapBuffer().writeBytes(bytes, half, bytes.readableBytes() - half));
		ByteBuf after = decompress(encoded.encoding(), pieces);
		MessageBatch.check(after, 100, Samples.NOBODY);
		assertThat(pieces.readerIndex()).isZero();
		after.release();
		pieces.release();
		bytes.release();
	}

	@ParameterizedTest
	@EnumSource(value = Compression.class, mode = Mode.EXCLUDE, names = "NONE")
	void aSizeThatIsNotThatOfTheBytesIsRefused(Compression compression) {
		EncodedBatch encoded = BatchCompression.compress(this.buffers.alloc(), compression, batch(100));
		int size = encoded.encoding().uncompressedSize();
		for (int wrong : new int[] { 1, size - 1, size + 1, 2 * size }) {
			assertRefused(new BatchEncoding(compression, wrong, 0), encoded.bytes(), "are not " + wrong + " bytes in");
		}
		encoded.bytes().release();
	}

	@Test
	void aBombIsRefusedBeforeItsSizeIsAllocated() {
		ByteBuf few = random(100);
		assertRefused(new BatchEncoding(Compression.LZ4, Limits.MAX_MESSAGE_SIZE, 0), few,
				"cannot have 268435456 bytes");
		assertRefused(new BatchEncoding(Compression.LZ4, 25_501, 0), few, "cannot have 25501 bytes uncompressed");
		assertRefused(new BatchEncoding(Compression.ZSTD, Limits.MAX_MESSAGE_SIZE + 1, 0), few,
				"cannot have 268435457 bytes");
		few.release();
	}

	@ParameterizedTest
	@EnumSource(value = Compression.class, mode = Mode.EXCLUDE, names = "NONE")
	void damagedBytesNeverCauseMoreThanAProtocolError(Compression compression) {
		EncodedBatch encoded = BatchCompression.compress(this.buffers.alloc(), compression, batch(20));
		byte[] bytes = ByteBufUtil.getBytes(encoded.bytes());
		encoded.bytes().release();
		Random random = new Random(SEED);
		int refused = 0;
		for (int i = 0; i < FUZZED; i++) {
			byte[] damaged = Arrays.copyOf(bytes, random.nextInt(bytes.length) + 1);
			for (int j = random.nextInt(4); j >= 0; j--) {
				damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
			}
			ByteBuf in = this.buffers.alloc().directBuffer(damaged.length).writeBytes(damaged);
			try {
				decompress(encoded.encoding(), in).release();
			}
			catch (ProtocolException ex) {
				refused++;
			}
			in.release();
			assertThat(this.buffers.used()).as("seed %d", SEED).isZero();
		}
		assertThat(refused).as("seed %d", SEED).isGreaterThan(FUZZED / 2);
	}

	@Test
	void anEncodingThatContradictsItselfIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new BatchEncoding(Compression.NONE, 1, 0));
		assertThatIllegalArgumentException().isThrownBy(() -> new BatchEncoding(Compression.LZ4, 0, 0));
	}

	@Test
	void withoutTheLibrariesNothingIsAvailableAndTheMissingOneIsNamed() throws Exception {
		assertThat(BatchCompression.available()).containsExactlyInAnyOrder(Compression.LZ4, Compression.ZSTD);
		URL[] classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !entry.contains("lz4-java") && !entry.contains("zstd-jni"))
			.map(BatchCompressionTest::url)
			.toArray(URL[]::new);
		try (URLClassLoader without = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
			Class<?> type = without.loadClass(BatchCompression.class.getName());
			assertThat((Set<?>) type.getMethod("available").invoke(null)).isEmpty();
			Class<?> compression = without.loadClass(Compression.class.getName());
			assertThatExceptionOfType(ReflectiveOperationException.class).isThrownBy(
					() -> type.getMethod("require", compression).invoke(null, compression.getField("LZ4").get(null)))
				.havingCause()
				.withMessageContaining("Compression LZ4 needs at.yawk.lz4:lz4-java on the class path");
			type.getMethod("require", compression).invoke(null, compression.getField("NONE").get(null));
		}
	}

	private static URL url(String entry) {
		try {
			return new File(entry).toURI().toURL();
		}
		catch (MalformedURLException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	private void assertRefused(BatchEncoding encoding, ByteBuf bytes, String message) {
		long used = this.buffers.used();
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> decompress(encoding, bytes))
			.withMessageContaining(message)
			.returns(ErrorCode.PROTOCOL_VIOLATION, ProtocolException::code);
		assertThat(this.buffers.used()).isEqualTo(used);
	}

	private ByteBuf decompress(BatchEncoding encoding, ByteBuf bytes) {
		return BatchCompression.decompress(this.buffers.alloc(), encoding, bytes);
	}

	private ByteBuf batch(int count) {
		ByteBuf batch = this.buffers.alloc().directBuffer();
		for (int i = 0; i < count; i++) {
			ByteBuf payload = this.buffers.alloc().buffer().writeZero(100).writeInt(i);
			MessageBatch.write(batch,
					new MessageRecord("key" + i, null, Headers.empty().with("name", "value"), payload));
			payload.release();
		}
		return batch;
	}

	private ByteBuf random(int size) {
		byte[] bytes = new byte[size];
		new Random(7).nextBytes(bytes);
		return this.buffers.alloc().directBuffer(size).writeBytes(bytes);
	}

}
