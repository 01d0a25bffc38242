create table if not exists orders (
	id varchar(36) primary key,
	customer varchar(100) not null,
	amount int not null,
	status varchar(10) not null
);
