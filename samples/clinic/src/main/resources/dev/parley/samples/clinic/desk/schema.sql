create table if not exists clinic_doctor (
    id integer primary key,
    name varchar(100) not null unique,
    speciality varchar(100) not null
);

create table if not exists clinic_hours (
    doctor_id integer not null references clinic_doctor (id),
    weekday smallint not null check (weekday between 1 and 7),
    opens time not null,
    closes time not null,
    primary key (doctor_id, weekday)
);

create table if not exists clinic_booking (
    id bigint generated always as identity primary key,
    doctor_id integer not null references clinic_doctor (id),
    on_day date not null,
    starts time not null,
    patient varchar(200) not null,
    phone varchar(10) not null,
    constraint clinic_booking_slot unique (doctor_id, on_day, starts)
);
