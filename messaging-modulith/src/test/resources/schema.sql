create table if not exists orders (id varchar(20) primary key, customer varchar(20), amount int);
