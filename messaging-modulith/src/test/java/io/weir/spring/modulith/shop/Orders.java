package io.weir.spring.modulith.shop;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Stores orders and tells of them, in one transaction. */
@Service
public class Orders {

	private final JdbcClient database;

	private final ApplicationEventPublisher events;

	Orders(JdbcClient database, ApplicationEventPublisher events) {
		this.database = database;
		this.events = events;
	}

	@Transactional
	public void place(OrderPlaced order) {
		this.database.sql("insert into orders values (?, ?, ?)")
			.params(order.id(), order.customer(), order.amount())
			.update();
		this.events.publishEvent(order);
	}

}
