package io.weir.faults;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

import io.netty.handler.codec.quic.QuicCodecBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/** The code of faults of QUIC, which becomes part of the methods that they change. */
@SuppressWarnings("UnusedVariable") // what is assigned is what the method goes on with
final class QuicAdvice {

	private QuicAdvice() {
	}

	static final class GrantsNoStreams {

		@Advice.OnMethodExit
		static void exit(@Advice.Return(typing = Assigner.Typing.DYNAMIC) QuicCodecBuilder<?> returned) {
			returned.initialMaxStreamsBidirectional(0);
		}

	}

	static final class GrantsNoBytesOfAStream {

		@Advice.OnMethodExit
		static void exit(@Advice.Return(typing = Assigner.Typing.DYNAMIC) QuicCodecBuilder<?> returned) {
			returned.initialMaxStreamDataBidirectionalRemote(0);
		}

	}

	static final class GrantsNoBytes {

		@Advice.OnMethodExit
		static void exit(@Advice.Return(typing = Assigner.Typing.DYNAMIC) QuicCodecBuilder<?> returned) {
			returned.initialMaxData(0);
		}

	}

	static final class NeverIdle {

		@Advice.OnMethodExit
		static void exit(@Advice.Return(typing = Assigner.Typing.DYNAMIC) QuicCodecBuilder<?> returned) {
			returned.maxIdleTimeout(0, TimeUnit.MILLISECONDS);
		}

	}

	static final class ForgetsTheAddress {

		@Advice.OnMethodEnter
		static void enter(@Advice.Argument(value = 1, readOnly = false) InetSocketAddress address) {
			address = new InetSocketAddress(1);
		}

	}

}
