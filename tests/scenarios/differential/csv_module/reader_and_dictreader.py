import csv
from io import StringIO

text = 'name,age,note\nAnn,30,"likes ""tea"", cakes"\nBob,25,\n"Multi\nline",1,x\n'
for row in csv.reader(StringIO(text)):
    print(row)
people = list(csv.DictReader(StringIO(text)))
print(people[0]["note"], [int(p["age"]) for p in people], people[1])
for row in csv.reader(["a;b;'c;d'"], delimiter=";", quotechar="'"):
    print(row)
print(list(csv.reader(["1,2.5,x"], quoting=csv.QUOTE_NONE)), list(csv.reader(['1.5,"x"'], quoting=csv.QUOTE_NONNUMERIC)))
short = list(csv.DictReader(StringIO("a,b\n1\n1,2,3\n"), restkey="extra", restval="-"))
print(short, csv.DictReader(StringIO("x,y\n")).fieldnames)
try:
    list(csv.reader(['"a"b'], strict=True))
except csv.Error as error:
    print(error)
return people
