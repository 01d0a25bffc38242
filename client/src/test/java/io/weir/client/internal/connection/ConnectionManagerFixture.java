package io.weir.client.internal.connection;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

import io.weir.client.internal.fakes.FakeWorld;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/** A connection manager in a {@link FakeWorld}, and a user that notes what it is told. */
abstract class ConnectionManagerFixture {

	final FakeWorld world = new FakeWorld();

	final ConnectionManager manager = this.world.manager();

	final List<String> told = new ArrayList<>();

	final SessionUser user = new SessionUser() {

		@Override
		public void sessionUp(BrokerSession session) {
			ConnectionManagerFixture.this.told.add("up");
		}

		@Override
		public void sessionDown(BrokerSession session, ProtocolException cause) {
			ConnectionManagerFixture.this.told.add("down " + cause.code());
		}

	};

	static FakeWorld twoBrokers() {
		FakeWorld two = new FakeWorld("weir://one:1,two:2");
		two.name("one", "10.0.0.1");
		two.name("two", "10.0.1.1");
		return two;
	}

	static void goAway(FakeWorld world) {
		world.connection().control().say(0, new Frame.GoAway(ErrorCode.GOING_AWAY, "restart"));
	}

	static String text(InetSocketAddress address) {
		return address.toString();
	}

}
