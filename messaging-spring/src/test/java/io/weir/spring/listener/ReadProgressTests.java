package io.weir.spring.listener;

import java.util.List;

import org.junit.jupiter.api.Test;

import io.weir.message.Headers;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.spring.fake.FakeMessage;

import static org.assertj.core.api.Assertions.assertThat;

class ReadProgressTests {

	private final ReadProgress progress = new ReadProgress();

	private static Message<byte[]> message(String id) {
		return new FakeMessage<>(MessageId.parse(id), "prices", null, Headers.empty(), new byte[0], Schema.bytes(), 0);
	}

	private void take(String... ids) {
		for (String id : ids) {
			this.progress.taken(message(id));
		}
	}

	private void assertDone(String... ids) {
		assertThat(this.progress.done())
			.containsExactlyElementsOf(List.of(ids).stream().map(MessageId::parse).toList());
	}

	@Test
	void messageThatIsDoneBeforeAnEarlierOneIsReadAgain() {
		take("0:0:1:0", "0:0:2:0", "0:0:3:0");
		this.progress.done(message("0:0:2:0"));
		assertDone();
		this.progress.done(message("0:0:1:0"));
		assertDone("0:0:2:0");
		this.progress.done(message("0:0:3:0"));
		assertDone("0:0:3:0");
	}

	@Test
	void eachPartitionGoesOnByItself() {
		take("0:0:1:0", "1:0:1:0", "1:0:2:0");
		this.progress.done(message("1:0:1:0"));
		assertDone("1:0:1:0");
		this.progress.done(message("0:0:1:0"));
		assertDone("0:0:1:0", "1:0:1:0");
	}

	@Test
	void whatTheReaderBeforeHadUnderWayHoldsUpNothing() {
		take("0:0:1:0", "0:0:2:0");
		this.progress.done(message("0:0:2:0"));
		this.progress.begin();
		this.progress.done(message("0:0:2:0"));
		assertDone();
		take("0:0:1:0");
		this.progress.done(message("0:0:1:0"));
		assertDone("0:0:1:0");
	}

}
